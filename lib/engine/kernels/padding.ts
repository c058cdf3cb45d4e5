// Zero padding of images, and the spreading of an output gradient that undoes a convolution's stride.
import { ARGUMENTS, bytes } from "./control";
import { begin, parallel, WORTH_WAKING } from "./pool";
import { PAD } from "./tasks";

@unmanaged
class PadTask {
  x: usize;
  out: usize;
  batch: i32;
  height: i32;
  width: i32;
  channels: i32;
  top: i32;
  left: i32;
  spreadY: i32;
  spreadX: i32;
  outHeight: i32;
  outWidth: i32;
  chunks: i32;
}

/**
 * out [batch, outHeight, outWidth, channels] = x with row i at row top + i·spreadY (columns likewise), zeros elsewhere;
 * what falls outside is left out. Spread > 1 undoes the stride of a convolution.
 */
export function padImages(
  x: usize, out: usize, batch: i32, height: i32, width: i32, channels: i32,
  top: i32, left: i32, spreadY: i32, spreadX: i32, outHeight: i32, outWidth: i32,
): void {
  begin();
  const t = changetype<PadTask>(ARGUMENTS);
  t.x = x;
  t.out = out;
  t.batch = batch;
  t.height = height;
  t.width = width;
  t.channels = channels;
  t.top = top;
  t.left = left;
  t.spreadY = spreadY;
  t.spreadX = spreadX;
  t.outHeight = outHeight;
  t.outWidth = outWidth;
  t.chunks = min(32, batch * outHeight);
  const size = (batch as f64) * (outHeight as f64) * (outWidth as f64) * (channels as f64);
  if (size < 32768) t.chunks = 1;
  parallel(PAD, t.chunks, size > WORTH_WAKING);
}

export function padChunk(chunk: i32): void {
  const t = changetype<PadTask>(ARGUMENTS);
  const rows = t.batch * t.outHeight, pixel = bytes(t.channels);
  const rowBytes = bytes(t.width * t.channels), outBytes = bytes(t.outWidth * t.channels);
  const last = ((chunk as i64 + 1) * (rows as i64) / t.chunks) as i32;
  for (let row = ((chunk as i64) * (rows as i64) / t.chunks) as i32; row < last; row++) {
    const image = row / t.outHeight, y = row - image * t.outHeight - t.top, target = t.out + (row as usize) * outBytes;
    const source = y >= 0 ? y / t.spreadY : -1;
    if (source < 0 || source >= t.height || source * t.spreadY != y) memory.fill(target, 0, outBytes);
    else padRow(t, t.x + ((image * t.height + source) as usize) * rowBytes, target, pixel, outBytes);
  }
}

function padRow(t: PadTask, source: usize, target: usize, pixel: usize, outBytes: usize): void {
  const spread = t.spreadX, left = t.left;
  if (spread == 1) {
    const from = max(0, -left), to = min(t.width, t.outWidth - left);
    if (to <= from) {
      memory.fill(target, 0, outBytes);
      return;
    }
    const before = ((left + from) as usize) * pixel, length = ((to - from) as usize) * pixel;
    memory.fill(target, 0, before);
    memory.copy(target + before, source + (from as usize) * pixel, length);
    memory.fill(target + before + length, 0, outBytes - before - length);
    return;
  }
  memory.fill(target, 0, outBytes);
  for (let x = 0; x < t.width; x++) {
    const place = left + x * spread;
    if (place >= 0 && place < t.outWidth) memory.copy(target + (place as usize) * pixel, source + (x as usize) * pixel, pixel);
  }
}
