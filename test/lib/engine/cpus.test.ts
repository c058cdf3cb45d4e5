// The number of threads from files as containers and plain machines have them: quotas of both cgroup versions, nested groups,
// parts of the hierarchy mounted, affinity; and what LECTERN_THREADS may say.
import { describe, expect, it } from "vitest";
import { allowedCpus, cgroupQuota, type ReadText, threadCount } from "../../../lib/engine/cpus.ts";

const VERSION_2 = "31 25 0:27 / /sys/fs/cgroup rw,nosuid,relatime shared:4 - cgroup2 cgroup2 rw,nsdelegate";
const VERSION_1 = [
  "30 24 0:25 / /sys/fs/cgroup ro,nosuid shared:8 - tmpfs tmpfs ro,mode=755",
  "33 30 0:29 / /sys/fs/cgroup/cpuset rw,nosuid shared:15 - cgroup cgroup rw,cpuset",
  "35 30 0:31 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid shared:17 - cgroup cgroup rw,cpu,cpuacct",
].join("\n");

function files(content: Record<string, string>): ReadText {
  return (path) => content[path] ?? null;
}

/** A machine with cgroup version 2 whose process is in /a/b; what the three groups say about CPUs. */
function nested(outer?: string, middle?: string, inner?: string): ReadText {
  const content: Record<string, string> = {
    "/proc/self/cgroup": "0::/a/b\n",
    "/proc/self/mountinfo": VERSION_2,
    "/proc/self/status": "Name:\tnode\nCpus_allowed:\tff\nCpus_allowed_list:\t0-7\nMems_allowed_list:\t0\n",
  };
  if (outer !== undefined) content["/sys/fs/cgroup/cpu.max"] = outer;
  if (middle !== undefined) content["/sys/fs/cgroup/a/cpu.max"] = middle;
  if (inner !== undefined) content["/sys/fs/cgroup/a/b/cpu.max"] = inner;
  return files(content);
}

describe("the quota of a control group", () => {
  it("is the tightest of the group and those around it", () => {
    expect(cgroupQuota(nested(undefined, "max 100000\n", "150000 100000\n"))).toEqual({
      cpus: 1.5,
      file: "/sys/fs/cgroup/a/b/cpu.max",
    });
    expect(cgroupQuota(nested("max 100000\n", "200000 100000\n", "400000 100000\n"))).toEqual({
      cpus: 2,
      file: "/sys/fs/cgroup/a/cpu.max",
    });
    // Inside a container the mount itself is the container's group.
    expect(cgroupQuota(nested("50000 100000\n"))).toEqual({ cpus: 0.5, file: "/sys/fs/cgroup/cpu.max" });
  });

  it("is null when nothing limits, and where files are missing or strange", () => {
    expect(cgroupQuota(nested("max 100000", "max 100000", "max 100000"))).toBeNull();
    expect(cgroupQuota(nested())).toBeNull();
    expect(cgroupQuota(files({}))).toBeNull();
    expect(cgroupQuota(nested("", "what?", "100000 0"))).toBeNull();
    expect(cgroupQuota(nested("-100000 100000", "0 100000"))).toBeNull();
    expect(
      cgroupQuota(files({ "/proc/self/cgroup": "0::/a", "/sys/fs/cgroup/cpu.max": "1000 1000" })),
    ).toBeNull();
  });

  it("is read from version 1 too, whose controllers have a hierarchy each", () => {
    const group = "/sys/fs/cgroup/cpu,cpuacct/user/session";
    const content = {
      "/proc/self/cgroup":
        "12:cpuset:/\n5:cpu,cpuacct:/user/session\n1:name=systemd:/user/session\n0::/user/session\n",
      "/proc/self/mountinfo": VERSION_1,
      [`${group}/cpu.cfs_quota_us`]: "-1\n",
      [`${group}/cpu.cfs_period_us`]: "100000\n",
      "/sys/fs/cgroup/cpu,cpuacct/user/cpu.cfs_quota_us": "250000\n",
      "/sys/fs/cgroup/cpu,cpuacct/user/cpu.cfs_period_us": "100000\n",
      // Not this process's.
      "/sys/fs/cgroup/cpuset/cpu.cfs_quota_us": "1000\n",
      "/sys/fs/cgroup/cpuset/cpu.cfs_period_us": "100000\n",
    };
    expect(cgroupQuota(files(content))).toEqual({
      cpus: 2.5,
      file: "/sys/fs/cgroup/cpu,cpuacct/user/cpu.cfs_quota_us",
    });
  });

  it("is found where only a part of the hierarchy is mounted, as in Docker", () => {
    const content = {
      "/proc/self/cgroup": "4:cpu,cpuacct:/docker/0123/inner\n",
      "/proc/self/mountinfo":
        "700 690 0:31 /docker/0123 /sys/fs/cgroup\\040x/cpu ro,nosuid master:17 - cgroup cgroup rw,cpu,cpuacct",
      "/sys/fs/cgroup x/cpu/inner/cpu.cfs_quota_us": "-1",
      "/sys/fs/cgroup x/cpu/inner/cpu.cfs_period_us": "100000",
      "/sys/fs/cgroup x/cpu/cpu.cfs_quota_us": "100000",
      "/sys/fs/cgroup x/cpu/cpu.cfs_period_us": "50000",
    };
    expect(cgroupQuota(files(content))?.cpus).toBe(2);
    for (const path of ["/docker/01234", "/elsewhere", "/../other"]) {
      const outside = { ...content, "/proc/self/cgroup": `4:cpu,cpuacct:${path}\n` };
      expect(cgroupQuota(files(outside))?.cpus).toBe(2);
    }
  });
});

describe("the number of threads", () => {
  const none = nested();

  it("is that of the CPUs, at most eight", () => {
    expect(threadCount(undefined, 2, none)).toEqual({ threads: 2, reason: "2 CPUs" });
    expect(threadCount("", 1, none)).toEqual({ threads: 1, reason: "1 CPU" });
    expect(threadCount(undefined, 32, none)).toEqual({
      threads: 8,
      reason: "32 CPUs, of which 8 are used unless LECTERN_THREADS says more",
    });
  });

  it("is what the quota allows, rounded up", () => {
    // Node itself says 1 for a quota of 1.5.
    expect(threadCount(undefined, 1, nested("150000 100000"))).toEqual({
      threads: 2,
      reason: "a quota of 1.5 CPUs (/sys/fs/cgroup/cpu.max), rounded up",
    });
    expect(threadCount(undefined, 3, nested("300000 100000"))).toEqual({
      threads: 3,
      reason: "a quota of 3 CPUs (/sys/fs/cgroup/cpu.max)",
    });
    expect(threadCount(undefined, 1, nested("1000 100000")).threads).toBe(1);
  });

  it("is not more than the CPUs for a quota above them", () => {
    expect(threadCount(undefined, 8, nested("6400000 100000"))).toEqual({ threads: 8, reason: "8 CPUs" });
    const two = (path: string) => (path === "/proc/self/status" ? "Cpus_allowed_list:\t2,5\n" : null);
    const read: ReadText = (path) => two(path) ?? nested("400000 100000")(path);
    expect(threadCount(undefined, 2, read)).toEqual({ threads: 2, reason: "2 CPUs" });
  });

  it("counts the CPUs of an affinity list", () => {
    const list = (text: string) =>
      allowedCpus(files({ "/proc/self/status": `Cpus_allowed_list:\t${text}\n` }));
    expect([list("0"), list("0-3"), list("0-3,8,10-11")]).toEqual([1, 4, 7]);
    expect([list("?"), allowedCpus(files({}))]).toEqual([null, null]);
  });

  it("is LECTERN_THREADS when that is set, whatever the quota", () => {
    expect(threadCount("3", 1, nested("100000 100000"))).toEqual({ threads: 3, reason: "LECTERN_THREADS=3" });
    expect(threadCount(" 12 ", 2, none).threads).toBe(12);
  });

  it.each(["abc", "0", "-1", "1.5", "257", "Infinity", "2 threads"])("refuses LECTERN_THREADS=%s", (text) => {
    expect(() => threadCount(text, 2, none)).toThrow(
      new RangeError(
        `LECTERN_THREADS=${text} is no number of threads: give a whole number from 1 to 256, or leave it unset for as many as there are CPUs`,
      ),
    );
  });
});
