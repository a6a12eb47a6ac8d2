import type { CheckMeasurement } from '../token-checks/measure-cases.ts';
import { tokenCases, type CaseName, type Limit, type SubjectName } from '../token-checks/token-case.ts';
import { median } from './statistics.ts';

/** What a case costs the guard, compared with the others who check the same tokens. */
export interface CaseComparison {
  readonly case: CaseName;
  /** Median processor time of a check by the guard, in microseconds. */
  readonly micros: number;
  /** Median over rounds of the guard's time divided by the bare check's of the same round. */
  readonly ofBare?: number;
  /** The same with the official verifier. */
  readonly ofOfficial?: number;
  readonly limit?: Limit;
  readonly isWithinLimit?: boolean;
}

/** Compares every case round by round. Void measurements are not compared. */
export function compareCases(measurements: readonly CheckMeasurement[]): CaseComparison[] {
  return tokenCases.flatMap(({ name, limit }) => {
    const guard = timesOf(measurements, name, 'sallyport');
    if (guard.length === 0) return [];
    const micros = median(guard);
    const ofBare = ratio(guard, timesOf(measurements, name, 'bare'));
    const ofOfficial = ratio(guard, timesOf(measurements, name, 'official'));
    const isWithinLimit = limit === undefined ? undefined : isWithin(limit, micros, ofBare);
    return [
      {
        case: name,
        micros,
        ...(ofBare === undefined ? {} : { ofBare }),
        ...(ofOfficial === undefined ? {} : { ofOfficial }),
        ...(limit === undefined ? {} : { limit }),
        ...(isWithinLimit === undefined ? {} : { isWithinLimit }),
      },
    ];
  });
}

function timesOf(measurements: readonly CheckMeasurement[], name: CaseName, subject: SubjectName): readonly number[] {
  const found = measurements.find((measurement) => measurement.case === name && measurement.subject === subject);
  return found === undefined || found.void !== undefined
    ? []
    : found.rounds.map(({ cpuMicrosPerCall }) => cpuMicrosPerCall);
}

function ratio(times: readonly number[], others: readonly number[]): number | undefined {
  if (others.length !== times.length) return undefined;
  return median(times.map((time, index) => time / (others[index] ?? NaN)));
}

function isWithin(limit: Limit, micros: number, ofBare: number | undefined): boolean | undefined {
  if ('micros' in limit) return micros <= limit.micros;
  return ofBare === undefined ? undefined : ofBare <= limit.ofBare;
}
