import type { IncomingMessage, ServerResponse } from 'node:http';
import { logEvent, Refusal } from '@sallyport/core';
import type { RequestHandler } from 'express';
import { answerGuardMissing } from '../answer/guard-missing.ts';
import { refuse } from '../answer/refuse.ts';
import { edgeOf } from '../edge/arm-edge.ts';
import { runtimeOf, type Sallyport } from '../suite/sallyport.ts';
import { logCall } from './log-call.ts';
import { passageOf, stationOrder, type Passage, type StationName } from './passage.ts';

/** What a station does. It lets the request pass by returning, refuses by throwing a `Refusal`. */
export type StationRun = (passage: Passage, req: IncomingMessage, res: ServerResponse) => void | Promise<void>;

/** A station with its name, so that the walk can be run in one go or middleware by middleware. */
export interface Station {
  readonly name: StationName;
  readonly run: StationRun;
}

/**
 * Runs one station for a request. True when the request may go on.
 * A station whose predecessor did not run answers 500 and runs nothing.
 */
export function pass(
  station: Station,
  passage: Passage,
  req: IncomingMessage,
  res: ServerResponse,
): boolean | Promise<boolean> {
  const position = stationOrder.indexOf(station.name);
  if (passage.passed !== position) return stop(passage, outOfOrder(passage, station.name, position), req, res);
  try {
    const running = station.run(passage, req, res);
    if (running === undefined) return arrived(passage, position);
    return running.then(
      () => arrived(passage, position),
      (error: unknown) => stop(passage, error, req, res),
    );
  } catch (error) {
    return stop(passage, error, req, res);
  }
}

/** A station as an Express middleware. */
export function asMiddleware(suite: Sallyport, station: Station): RequestHandler {
  const runtime = runtimeOf(suite);
  return (req, res, next) => {
    const passage = passageOf(req);
    if (passage === undefined || passage.runtime !== runtime) {
      logEvent(runtime.log, 'sallyport.guard.station_out_of_order', { station: station.name, missing: 'record' });
      answerGuardMissing(req, res);
      return;
    }
    const passed = pass(station, passage, req, res);
    if (typeof passed === 'boolean') {
      if (passed) next();
      return;
    }
    void passed.then((onward) => {
      if (onward) next();
    });
  };
}

function arrived(passage: Passage, position: number): boolean {
  passage.passed = position + 1;
  return passage.state === 'open' || passage.state === 'committed';
}

function stop(passage: Passage, error: unknown, req: IncomingMessage, res: ServerResponse): false {
  const edge = edgeOf(passage);
  if (edge !== undefined) {
    // Its decision is in the log already, so it ends with an outcome. No handler may take it any more.
    passage.state = 'handled';
    edge.fail(error);
    return false;
  }
  refuse(passage, error instanceof Refusal ? error : new Refusal('internal_error', { cause: error }), req, res);
  return false;
}

function outOfOrder(passage: Passage, station: StationName, position: number): Refusal {
  const missing = stationOrder[passage.passed];
  if (missing === undefined || passage.passed > position) {
    logCall(passage, 'sallyport.guard.station_twice', { station });
    return new Refusal('guard_missing', { detail: { station, twice: true } });
  }
  logCall(passage, 'sallyport.guard.station_out_of_order', { station, missing });
  return new Refusal('guard_missing', { detail: { station, missing } });
}
