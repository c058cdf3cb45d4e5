// How many threads to run: what LECTERN_THREADS says, else the CPUs this process may really use. Containers hide none of
// the machine's CPUs, they ration time: the quota stands in the files of the process's control group (cgroup) and of the
// groups around it. Files come through a function, so that tests need no container.

/** The content of a file, or null when it cannot be read. */
export type ReadText = (path: string) => string | null;

export interface ThreadCount {
  threads: number;
  /** For people: where the number comes from. */
  reason: string;
}

/** CPU time that a control group may use for each unit of time: 1.5 is one CPU and a half. */
export interface Quota {
  cpus: number;
  /** The file that says so. */
  file: string;
}

// More threads than this share too little work in the models a notebook trains.
const MOST_BY_DEFAULT = 8;
const MOST = 256;

/**
 * The number of threads, the calling one included. `wanted` is LECTERN_THREADS, `available` what the system says. A quota
 * of 1.5 CPUs counts as two threads, as in Java, .NET and Go: one thread would leave a third of it unused.
 *
 * @throws RangeError when `wanted` is no number of threads.
 */
export function threadCount(wanted: string | undefined, available: number, read: ReadText): ThreadCount {
  if (wanted !== undefined && wanted.trim() !== "")
    return { threads: threadsIn(wanted), reason: `LECTERN_THREADS=${wanted.trim()}` };
  const quota = cgroupQuota(read);
  // With a quota, `available` may have been rounded down to it already (libuv does so).
  const cpus = quota === null ? available : (allowedCpus(read) ?? available);
  if (quota !== null && Math.ceil(quota.cpus) < Math.min(cpus, MOST_BY_DEFAULT)) {
    const given = Number(quota.cpus.toFixed(2));
    return {
      threads: Math.max(1, Math.ceil(quota.cpus)),
      reason: `a quota of ${count(given)} (${quota.file})${Number.isInteger(given) ? "" : ", rounded up"}`,
    };
  }
  if (cpus > MOST_BY_DEFAULT)
    return {
      threads: MOST_BY_DEFAULT,
      reason: `${count(cpus)}, of which ${MOST_BY_DEFAULT} are used unless LECTERN_THREADS says more`,
    };
  return { threads: Math.max(1, cpus), reason: count(cpus) };
}

/** Refuses what is no number of threads from the code of a person: each takes memory of its own, and 1000 would stop the machine. */
export function checkThreads(count: number): void {
  if (isThreadCount(count)) return;
  const given = typeof count === "string" ? JSON.stringify(count) : count;
  throw new RangeError(`setThreads: ${given} is no number of threads; give a whole number from 1 to ${MOST}`);
}

function isThreadCount(count: number): boolean {
  return Number.isInteger(count) && count >= 1 && count <= MOST;
}

function threadsIn(text: string): number {
  const threads = Number(text);
  if (isThreadCount(threads)) return threads;
  throw new RangeError(
    `LECTERN_THREADS=${text} is no number of threads: give a whole number from 1 to ${MOST}, or leave it unset ` +
      "for as many as there are CPUs",
  );
}

function count(cpus: number): string {
  return cpus === 1 ? "1 CPU" : `${cpus} CPUs`;
}

/** How many CPUs the process may run on at all (its affinity), or null where /proc does not say. */
export function allowedCpus(read: ReadText): number | null {
  const list = /^Cpus_allowed_list:\s*([\d,-]+)\s*$/m.exec(read("/proc/self/status") ?? "")?.[1];
  if (list === undefined) return null;
  let cpus = 0;
  for (const range of list.split(",")) {
    const [first, last = first] = range.split("-").map(Number);
    cpus += last! - first! + 1;
  }
  return cpus;
}

/** The tightest CPU quota of this process's control group and the groups around it; null when there is none. */
export function cgroupQuota(read: ReadText): Quota | null {
  const mounts = (read("/proc/self/mountinfo") ?? "").split("\n").flatMap(mountIn);
  let tightest: Quota | null = null;
  for (const line of (read("/proc/self/cgroup") ?? "").split("\n")) {
    const [, controllers, path] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    if (controllers === undefined || path === undefined) continue;
    const version = controllers === "" ? 2 : 1;
    if (version === 1 && !controllers.split(",").includes("cpu")) continue;
    const mount = mounts.find((candidate) => candidate.version === version);
    if (mount === undefined) continue;
    for (const folder of upwards(mount, path)) {
      const quota = version === 2 ? quotaOfVersion2(folder, read) : quotaOfVersion1(folder, read);
      if (quota !== null && (tightest === null || quota.cpus < tightest.cpus)) tightest = quota;
    }
  }
  return tightest;
}

interface Mount {
  version: 1 | 2;
  /** The group that is seen at `point`: "/" unless a part of the hierarchy is mounted, as in containers. */
  root: string;
  point: string;
}

// 31 25 0:27 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw  (see proc_pid_mountinfo(5))
function mountIn(line: string): Mount[] {
  const [place = "", file = ""] = line.split(" - ");
  const [, , , root, point] = place.split(" ").map(unescaped);
  const [type, , options = ""] = file.split(" ");
  if (root === undefined || point === undefined) return [];
  if (type === "cgroup2") return [{ version: 2, root, point }];
  return type === "cgroup" && options.split(",").includes("cpu") ? [{ version: 1, root, point }] : [];
}

/** Spaces and the like stand as octal numbers in mountinfo. */
function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}

/** The folder of the group `path` and those around it, up to the mount. A group outside of it is seen as the mount itself. */
function upwards({ root, point }: Mount, path: string): string[] {
  const base = root === "/" ? "" : root;
  const inside = path === root || path.startsWith(`${base}/`) ? path.slice(base.length) : "";
  const names = inside.split("/").filter(Boolean);
  if (names.includes("..")) return [point];
  return Array.from({ length: names.length + 1 }, (_, i) =>
    [point, ...names.slice(0, names.length - i)].join("/"),
  );
}

// "150000 100000": 150 ms of every 100; "max 100000": no limit.
function quotaOfVersion2(folder: string, read: ReadText): Quota | null {
  const file = `${folder}/cpu.max`;
  const [time, period] = (read(file) ?? "").trim().split(/\s+/);
  return quotaOf(time, period, file);
}

function quotaOfVersion1(folder: string, read: ReadText): Quota | null {
  const file = `${folder}/cpu.cfs_quota_us`;
  return quotaOf(read(file) ?? undefined, read(`${folder}/cpu.cfs_period_us`) ?? undefined, file);
}

/** "max" and −1 stand for no limit. */
function quotaOf(time: string | undefined, period: string | undefined, file: string): Quota | null {
  const cpus = Number(time) / Number(period);
  return cpus > 0 && Number.isFinite(cpus) ? { cpus, file } : null;
}
