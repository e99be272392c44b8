/** Runs a command, and leaves with its exit code: 1, after the error, if it throws. */
export function runCommand(main: (args: string[]) => Promise<number>): void {
  main(process.argv.slice(2)).then(leave, (error: unknown) => {
    console.error(error);
    leave(1);
  });
}

/** Connections to an emulator that is kept would hold this process for a while. */
function leave(code: number): void {
  process.stdout.write("", () => process.exit(code));
}
