/** The revision all calls are made in. */
export const protocolVersion = '2026-07-28';

/** The tool that is called, whatever the number of tools. */
export const calledTool = 'tool-1';

/** The scope that every tool needs. */
export const toolScope = 'bench:call';

/** The resource the tokens are for. Its port is not looked at: each row listens on a port of its own. */
export const resource = 'http://127.0.0.1:8080/mcp';

/** What the tool says, and so what an allowed answer must contain. */
export const answeredText = 'the answer of tool-1 to bench';

/** A scope that the tokens do not have; in a card, every tenth tool needs it. */
export const otherScope = 'bench:other';

/** The tools of the server whose list is measured, and how many of them the tokens may see. */
export const listedTools = 1_000;
export const shownTools = 900;

/** The answer of the rows without tools: as many bytes as the SDK's. */
export const fixedAnswer: object = {
  jsonrpc: '2.0',
  id: 1,
  result: {
    content: [{ type: 'text', text: answeredText }],
    _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'bench', version: '1.0.0' } },
    resultType: 'complete',
  },
};
