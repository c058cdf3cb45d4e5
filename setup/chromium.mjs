// A Chromium for the browser tests: the one that is there, else Debian's.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { download, onWindows, output, SetupError, say } from "./run.mjs";

/** The path of a Chromium or Chrome; installs Debian's package where that is possible. */
export async function ensureChromium() {
  const found = findChromium();
  if (found) return found;
  if (process.getuid?.() === 0 && output("apt-get", ["--version"]) !== null) {
    say("installing Chromium for the browser tests");
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    // Another program may be installing something.
    const wait = ["-o", "DPkg::Lock::Timeout=300"];
    await download("apt-get", ["update", "-q", ...wait], { env });
    await download("apt-get", ["install", "-y", "-q", "--no-install-recommends", ...wait, "chromium"], {
      env,
    });
  }
  const installed = findChromium();
  if (installed) return installed;
  throw new SetupError(
    "The browser tests need Chromium or Chrome, and none was found.\n" +
      "  Debian:   sudo apt-get install chromium\n" +
      "  macOS:    brew install --cask google-chrome\n" +
      "  Windows:  winget install Google.Chrome\n" +
      "  elsewhere, or installed in an unusual place: set CHROMIUM to the program's path.",
  );
}

/** The path of a Chromium that is there, or undefined. */
export function findChromium() {
  const named = process.env.CHROMIUM;
  if (named) {
    if (existsSync(named)) return named;
    throw new SetupError(`CHROMIUM is set to ${named}, and there is no such file.`);
  }
  return [...onPath(), ...usualPlaces()].find((file) => existsSync(file));
}

function onPath() {
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
  const folders = onWindows ? [] : (process.env.PATH ?? "").split(":").filter(Boolean);
  return folders.flatMap((folder) => names.map((name) => join(folder, name)));
}

function usualPlaces() {
  if (process.platform === "darwin") {
    return ["Google Chrome", "Chromium", "Microsoft Edge"].map(
      (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
    );
  }
  if (onWindows) {
    const folders = [process.env.PROGRAMFILES, process.env["PROGRAMFILES(X86)"], process.env.LOCALAPPDATA];
    const programs = ["Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe"];
    return folders.filter(Boolean).flatMap((folder) => programs.map((program) => join(folder, program)));
  }
  return ["/usr/bin/chromium", "/snap/bin/chromium", "/opt/google/chrome/chrome"];
}
