/**
 * The rows of the rules on enforcement and transport (F) and on Origin and Host (J): single hostile or unusual requests, each with the
 * answer it must get. A test names in its title, in a row of its table or in `// @verifies` which of them it proves.
 */
export const ruleRows: readonly string[] = [
  ...rows('F', [
    ...[1, 2, 3, 5, 6, 7, 9, 10, 11, 13, 14, 15, 17, 18, 19, 21, 22, 23, 25, 26, 27, 29, 30, 33, 34, 35, 37, 38, 39],
    ...[41, 42, 43, 45, 46, 47, 49, 50, 51, 53, 54, 55, 57, 58, 59, 61, 62, 63, 65, 66, 67, 69, 70, 71, 73, 74, 75],
    ...[77, 78, 79, 81, 82, 83, 85, 86, 87, 89, 90, 91, 93, 95, 97, 99, 101, 102, 103, 105, 106, 107, 109],
  ]),
  ...rows('J', [1, 2, 3, 5, 6, 7, 9, 10, 11, 13, 14, 15]),
];

/** Rows without a test, and why. */
export const exemptRows: ReadonlyMap<string, string> = new Map([
  ['F-65', 'needs tasks that wait for input'],
  ['F-66', 'needs tasks that outlive their token'],
  ['F-67', 'needs sealed requestState'],
  ['F-69', 'needs sealed requestState'],
  ['F-70', 'needs sealed requestState'],
  ['F-71', 'needs sealed requestState'],
]);

function rows(section: string, numbers: readonly number[]): string[] {
  return numbers.map((number) => `${section}-${String(number).padStart(2, '0')}`);
}
