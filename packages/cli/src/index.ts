export { runSallyport } from './run-sallyport.ts';
export type { CommandIo, CommandStream } from './terminal/command-io.ts';
