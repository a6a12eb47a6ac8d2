import { cachedMillionLog } from './cached-million-log.ts';

// Makes the log of so many records, or finds it: node test/bench/dist/million/main.js [records]. Prints its directory.
const records = Number(process.argv[2] ?? '1000000');
if (!Number.isSafeInteger(records) || records < 1) throw new Error('expected a number of records');
process.stdout.write(`${await cachedMillionLog(records)}\n`);
