/** What the suite's token may do: each target of the fixture needs one of these. */
export const fixtureScopes: readonly string[] = ['fixture:call', 'fixture:read', 'fixture:prompt'];

const tools = [
  'json_schema_2020_12_tool',
  'test_audio_content',
  'test_elicitation',
  'test_elicitation_sep1034_defaults',
  'test_elicitation_sep1330_enums',
  'test_embedded_resource',
  'test_error_handling',
  'test_image_content',
  'test_input_required_result_capabilities',
  'test_input_required_result_elicitation',
  'test_input_required_result_list_roots',
  'test_input_required_result_multi_round',
  'test_input_required_result_multiple_inputs',
  'test_input_required_result_request_state',
  'test_input_required_result_sampling',
  'test_input_required_result_tampered_state',
  'test_logging_tool',
  'test_missing_capability',
  'test_multiple_content_types',
  'test_reconnection',
  'test_sampling',
  'test_simple_text',
  'test_streaming_elicitation',
  'test_tool_with_logging',
  'test_tool_with_progress',
  'test_trigger_prompt_change',
  'test_trigger_tool_change',
  'test_x_mcp_header',
];

const resources = [
  'test://static-binary',
  'test://static-text',
  'test://template/{id}/data',
  'test://watched-resource',
];

const prompts = [
  'test_input_required_result_prompt',
  'test_prompt_with_arguments',
  'test_prompt_with_embedded_resource',
  'test_prompt_with_image',
  'test_simple_prompt',
];

/** The server card of the fixture, written by hand: the guard compares it with what is registered, and stops on a difference. */
export function fixtureCard(resource: string): object {
  return {
    $schema: 'https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json',
    name: 'dev.sallyport/conformance-fixture',
    version: '1.0.0',
    description: 'Everything the official conformance suite asks a server for.',
    remotes: [{ type: 'streamable-http', url: resource }],
    _meta: {
      'dev.sallyport/access': {
        scopes: Object.fromEntries(
          fixtureScopes.map((scope) => [scope, { description: `Use the fixture (${scope})` }]),
        ),
        tools: each(tools, 'fixture:call'),
        resources: each(resources, 'fixture:read'),
        prompts: each(prompts, 'fixture:prompt'),
      },
    },
  };
}

function each(names: readonly string[], scope: string): object {
  return Object.fromEntries(names.map((name) => [name, { scopes: [scope] }]));
}
