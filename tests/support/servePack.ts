import "../../policy/index";

// An orderly end, so that the coverage of the process is written.
process.on("SIGTERM", () => process.exit(0));
