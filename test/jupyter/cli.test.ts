// `lectern install | status | uninstall`, seen by Jupyter's own `kernelspec list`.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { Place, root } from "./programs.ts";

const place = new Place();
const folder = join(place.prefix, "share", "jupyter", "kernels", "lectern");
/** They keep the kernel's heap from growing to many times what it needs. */
const limits = ["--max-old-space-size=1024", "--max-semi-space-size=4"];
afterAll(() => place.remove());

describe("install, status, uninstall", () => {
  test("install writes a kernelspec with absolute paths that Jupyter finds", async () => {
    const { code, stdout } = await place.lectern("install", "--prefix", place.prefix);
    expect(code).toBe(0);
    expect(stdout).toContain(folder);

    const list = await place.python("-m", "jupyter_client.kernelspecapp", "list", "--json");
    const { resource_dir, spec } = JSON.parse(list.stdout).kernelspecs.lectern;
    expect(resource_dir).toBe(folder);
    expect(spec).toMatchObject({
      argv: [process.execPath, ...limits, join(root, "kernel", "main.ts"), "{connection_file}"],
      display_name: "TypeScript (Lectern)",
      language: "typescript",
      interrupt_mode: "message",
    });
    for (const icon of ["logo-32x32.png", "logo-64x64.png", "logo-svg.svg"])
      expect(existsSync(join(folder, icon))).toBe(true);
  });

  test("status says where, and notices what has gone", async () => {
    const sound = await place.lectern("status", "--prefix", place.prefix);
    expect(sound.code).toBe(0);
    expect(sound.stdout).toContain(folder);

    const file = join(folder, "kernel.json");
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace("main.ts", "gone.ts"));
    const broken = await place.lectern("status", "--prefix", place.prefix);
    expect(broken.code).toBe(1);
    expect(broken.stdout).toMatch(/missing: .*gone\.ts/);
    writeFileSync(file, text);
  });

  test("another name, another display name, the user's folder", async () => {
    const name = ["--name", "Course2", "--display-name", "TypeScript (course)"];
    expect((await place.lectern("install", "--user", ...name)).code).toBe(0);
    const list = await place.python("-m", "jupyter_client.kernelspecapp", "list", "--json");
    expect(JSON.parse(list.stdout).kernelspecs.course2.spec.display_name).toBe("TypeScript (course)");
    expect((await place.lectern("uninstall", "--user", "--name", "course2")).code).toBe(0);
  });

  test("a kernel that is not ours is neither replaced nor removed", async () => {
    const other = join(place.prefix, "share", "jupyter", "kernels", "other");
    mkdirSync(other, { recursive: true });
    writeFileSync(join(other, "kernel.json"), '{"argv":["x"],"display_name":"Other","language":"x"}');
    for (const command of ["install", "uninstall"]) {
      const { code, stderr } = await place.lectern(command, "--prefix", place.prefix, "--name", "other");
      expect(code).toBe(1);
      expect(stderr).toContain("another kernel (Other)");
    }
    expect(existsSync(join(other, "kernel.json"))).toBe(true);
  });

  test("uninstall removes the kernelspec", async () => {
    expect((await place.lectern("uninstall", "--prefix", place.prefix)).code).toBe(0);
    expect(existsSync(folder)).toBe(false);
    const again = await place.lectern("uninstall", "--prefix", place.prefix);
    expect(again.code).toBe(1);
    expect(again.stderr).toContain("There is no kernel in");
  });
});

describe("wrong usage", () => {
  test.each([
    [["teach"], "no command “teach”"],
    [["install", "--sys"], "Unknown option '--sys'"],
    [["install", "--user", "--sys-prefix"], "exclude each other"],
    [["run"], "which notebook?"],
    [["run", "a.ipynb", "b.ipynb"], "“b.ipynb” is one too many"],
  ])("lectern %j", async (args, message) => {
    const { code, stderr } = await place.lectern(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).toContain("lectern install [--user");
  });

  test("a name that Jupyter would not find", async () => {
    const { code, stderr } = await place.lectern("install", "--prefix", place.prefix, "--name", "../x");
    expect(code).toBe(1);
    expect(stderr).toContain("cannot be a kernel's name");
  });

  test("--help and --version", async () => {
    expect((await place.lectern("--help")).stdout).toContain("lectern run notebook.ipynb");
    expect((await place.lectern("run", "--help")).code).toBe(0);
    expect((await place.lectern("--version")).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
