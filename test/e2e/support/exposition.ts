/** What a scrape tells: by the name of a series its labels, and by the label its values. */
export type Exposition = ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>;

/**
 * Reads the exposition format 0.0.4, strictly: every line is a sample or a comment, every metric has one `TYPE` and one `HELP` before
 * its samples, and no series comes twice.
 *
 * @throws Error that names the line
 */
export function readExposition(text: string): Exposition {
  const series = new Map<string, Map<string, Set<string>>>();
  const types = new Map<string, string>();
  const helped = new Set<string>();
  const seen = new Set<string>();
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const comment = /^# (TYPE|HELP|UNIT) ([a-zA-Z_:][\w:]*) (.+)$/.exec(line);
    if (comment !== null) {
      const [, kind, name = '', rest = ''] = comment;
      if (kind === 'TYPE' && types.has(name)) throw new Error(`a second TYPE: ${line}`);
      if (kind === 'TYPE') types.set(name, rest);
      if (kind === 'HELP') helped.add(name);
      continue;
    }
    const sample = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (sample === null) throw new Error(`no sample: ${line}`);
    const [, name = '', labels = '', value = ''] = sample;
    if (value !== '+Inf' && Number.isNaN(Number(value))) throw new Error(`no number: ${line}`);
    const metric = types.has(name) ? name : name.replace(/_(?:bucket|count|sum)$/, '');
    if (!types.has(metric) || !helped.has(metric)) throw new Error(`no TYPE and HELP before it: ${line}`);
    if (seen.has(`${name}{${labels}}`)) throw new Error(`twice: ${line}`);
    seen.add(`${name}{${labels}}`);
    const known = series.get(name) ?? new Map<string, Set<string>>();
    series.set(name, known);
    for (const [label, of] of readLabels(labels)) known.set(label, (known.get(label) ?? new Set()).add(of));
  }
  return series;
}

function readLabels(text: string): [string, string][] {
  const labels: [string, string][] = [];
  const one = /([a-zA-Z_]\w*)="((?:[^"\\]|\\["\\n])*)"(?:,|$)/y;
  while (one.lastIndex < text.length) {
    const at = one.lastIndex;
    const found = one.exec(text);
    if (found === null) throw new Error(`no labels: ${text.slice(at)}`);
    labels.push([found[1] ?? '', found[2] ?? '']);
  }
  return labels;
}
