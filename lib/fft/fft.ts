// Everything that `fft.…` gives.
export { fourier as fft, ifft, irfft, rfft } from "./fourier.ts";
