/** True for what is no word of a sentence: one run of at least 12 characters of a token, letters and digits among them. */
export function isOpaque(text: string): boolean {
  return text.length >= 12 && !/[^0-9A-Za-z_.~+/=%-]/.test(text) && /[0-9]/.test(text) && /[A-Za-z]/.test(text);
}
