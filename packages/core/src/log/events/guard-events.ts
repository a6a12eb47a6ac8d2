/** Requests and calls that the guard had to stop, and set-ups that do not guard. */
export const guardEvents = {
  'sallyport.guard.station_out_of_order': {
    level: 'error',
    message: 'a station ran out of order; nothing was run',
    fields: ['station', 'missing', 'call'],
    remedy: 'Put the station named in `missing` before it, or use `suite.protect`.',
  },
  'sallyport.guard.station_twice': {
    level: 'error',
    message: 'a station ran twice; nothing was run',
    fields: ['station', 'call'],
    remedy: 'Mount each station once for a route.',
  },
  'sallyport.guard.second_suite': {
    level: 'error',
    message: 'a request reached a second suite; one suite guards it, from end to end',
    fields: ['station'],
    remedy: 'Mount the stations of one suite only on a route.',
  },
  'sallyport.guard.handler_unguarded': {
    level: 'error',
    message: 'a handler was reached without the guard; nothing was run',
    fields: ['missing'],
    remedy: 'Mount `suite.protect` before the handler.',
  },
  'sallyport.guard.parsed_upstream': {
    level: 'warn',
    message: 'a body parser runs before the guard: raw size, encoding and duplicate keys can not be checked',
    fields: [],
    remedy: 'Mount the guard before `express.json()`.',
  },
  'sallyport.guard.request_failed': {
    level: 'error',
    message: 'a request failed inside the guard',
    fields: ['code', 'call', 'error', 'stack'],
    remedy: 'Report it with its stack: this is a defect of Sallyport or of a port you gave it.',
  },
  'sallyport.guard.record_failed': {
    level: 'error',
    message: 'a record could not be written',
    fields: ['type', 'error'],
    remedy: 'See the lines of `sallyport.audit.*`; with mode `available` the gap is counted in the log.',
  },
  'sallyport.call.handler_failed': {
    level: 'error',
    message: 'the handler failed',
    fields: ['call', 'error', 'stack'],
    remedy: 'Fix the handler: the caller got a 500 that says nothing about the inside.',
  },
  'sallyport.call.answer_unwrapped': {
    level: 'error',
    message:
      'a call was answered by something that is not wrapped in mount() or statelessHandler(); the answer is withheld',
    fields: ['call', 'missing'],
    remedy: 'Wrap the handler in `mount()` or `statelessHandler()`.',
  },
  'sallyport.call.session_unbound': {
    level: 'error',
    message: 'a session could not be bound to its caller; the result is withheld',
    fields: ['call', 'error'],
    remedy: 'See to the store of sessions.',
  },
  'sallyport.call.result_withheld': {
    level: 'error',
    message: 'an outcome could not be recorded; the result is withheld',
    fields: ['call', 'error'],
    remedy: 'See to the audit log: its own lines say what is wrong.',
  },
  'sallyport.call.outcome_lost': {
    level: 'error',
    message: 'an outcome could not be recorded',
    fields: ['call', 'error'],
    remedy: 'See to the audit log: its own lines say what is wrong.',
  },
  'sallyport.call.stream_cut': {
    level: 'error',
    message: 'a stream was ended because its result could not be recorded',
    fields: ['call', 'error'],
    remedy: 'See to the audit log: its own lines say what is wrong.',
  },
  'sallyport.call.answer_unreadable': {
    level: 'error',
    message: 'an answer could not be looked into',
    fields: ['call', 'error', 'stack'],
    remedy: 'Look at what the handler answers to this method.',
  },
  'sallyport.call.answer_unsent': {
    level: 'error',
    message: 'an answer could not be sent',
    fields: ['call', 'error', 'stack'],
    remedy: 'Look at the error: the connection was closed without an answer.',
  },
  'sallyport.call.answer_not_json': {
    level: 'error',
    message: 'the handler answered with something that is not JSON',
    fields: ['call'],
    remedy: 'Fix the handler; the answer was withheld.',
  },
  'sallyport.call.answer_not_for_caller': {
    level: 'error',
    message: 'the handler answered with nothing that is for the caller',
    fields: ['call'],
    remedy: 'Fix the handler: it answers with other ids than that of the request.',
  },
  'sallyport.call.event_withheld': {
    level: 'error',
    message: 'the handler sent an event whose data is no JSON-RPC message; it is withheld',
    fields: ['call'],
    remedy: 'Fix the handler; further such events of the stream are withheld in silence.',
  },
  'sallyport.logout.failed': {
    level: 'error',
    message: 'a logout failed: its tokens go on being accepted',
    fields: ['reason', 'call', 'error'],
    remedy: 'See to the list of revocations or the audit log; the issuer may send the logout again.',
  },
  'sallyport.logout.unanswered': {
    level: 'error',
    message: 'a logout request could not be answered',
    fields: ['error', 'stack'],
    remedy: 'Report it with its stack: this is a defect.',
  },
} as const;
