/** A kind of decision that is measured. */
export interface PolicyCase {
  readonly name: 'scopes' | 'refusal' | 'condition' | 'false-condition' | 'condition-error';
  readonly what: string;
  /** What the rule of a tool asks. A card has room for 10,000 of them, so it is short. */
  readonly rule: (index: number) => object;
  readonly scopes: readonly string[];
  readonly args: Readonly<Record<string, string | number>>;
  readonly effect: 'allow' | 'deny';
  /** The most processor time a decision may take, in microseconds. */
  readonly limitMicros: number;
}

/** A card with so many tools, and how many of them are called in turn. */
export interface PolicySpan {
  readonly tools: number;
  readonly called: number;
}

/** How a report calls a span. */
export function spanName({ tools, called }: PolicySpan): string {
  return called === 10 ? `${tools} tools` : `${called} of ${tools}`;
}

/** A decision must not cost more when there are more tools. With many called in turn, a processor has to fetch their rules anew. */
export const policySpans: readonly PolicySpan[] = [
  { tools: 10, called: 10 },
  { tools: 1_000, called: 10 },
  { tools: 10_000, called: 10 },
  { tools: 10_000, called: 1_000 },
];

/**
 * How much more a decision about the same ten tools may cost among 10,000 than among ten, as a share of its limit: a look-up does not
 * depend on the number of tools, but their rules are further apart in memory.
 */
export const growthLimit = 0.1;

const plain = (): object => ({ scopes: ['b:call'] });
/** No two tools have the same condition. */
const conditional = (index: number): object => ({
  scopes: ['b:call'],
  when: `args.n <= ${index} || 'b:large' in principal.scopes`,
  stepUp: ['b:large'],
});
const noCondition = 2;
const withCondition = 12;

export const policyCases: readonly PolicyCase[] = [
  {
    name: 'scopes',
    what: 'a scope that the caller holds',
    rule: plain,
    scopes: ['b:call'],
    args: {},
    effect: 'allow',
    limitMicros: noCondition,
  },
  {
    name: 'refusal',
    what: 'a scope that the caller lacks',
    rule: plain,
    scopes: ['b:other'],
    args: {},
    effect: 'deny',
    limitMicros: noCondition,
  },
  {
    name: 'condition',
    what: 'and a condition that holds by its second half',
    rule: conditional,
    scopes: ['b:call', 'b:large'],
    args: { n: 50_000, memo: 'x' },
    effect: 'allow',
    limitMicros: withCondition,
  },
  {
    name: 'false-condition',
    what: 'and a condition that does not hold',
    rule: conditional,
    scopes: ['b:call'],
    args: { n: 50_000, memo: 'x' },
    effect: 'deny',
    limitMicros: withCondition,
  },
  {
    name: 'condition-error',
    what: 'and a condition over an argument that is missing',
    rule: conditional,
    scopes: ['b:call'],
    args: { memo: 'x' },
    effect: 'deny',
    limitMicros: withCondition,
  },
];
