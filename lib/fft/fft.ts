// Everything that `fft.…` gives.
export { fourier as fft, ifft, irfft, rfft } from "./fourier.ts";
export { fft2, ifft2 } from "./fourier2d.ts";
