/** A fetch that remembers the last refusal, because a client hides it while it steps up. */
export interface ObservedFetch {
  readonly fetch: typeof fetch;
  /** Status and error code of the last refusal, and the scopes its challenge named. */
  refusal(): string;
}

export function createObservedFetch(): ObservedFetch {
  let refusal = '';
  return {
    async fetch(input, init) {
      const answer = await fetch(input, init);
      if (answer.status === 401 || answer.status === 403) refusal = await describe(answer.clone());
      return answer;
    },
    refusal: () => refusal,
  };
}

async function describe(answer: Response): Promise<string> {
  const { error } = (await answer.json()) as { error?: { data?: { code?: string } } };
  const scope = /scope="([^"]*)"/.exec(answer.headers.get('www-authenticate') ?? '')?.[1];
  return `${answer.status} ${error?.data?.code ?? ''}${scope === undefined ? '' : `, scope ${scope}`}`;
}
