// Builds what cannot run as it is: the compute core's AssemblyScript becomes WebAssembly in build/.
// `npm run prepare`, and every other set-up script; skipped while the sources are unchanged.
