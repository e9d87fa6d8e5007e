// Read a QR code out of a video: by the browser's own detector where it has one, else by zxing, loaded on first use.

import { vendored } from "./vendored.js";

const SIDE_MAX = 960;  // A larger picture reads no better, and a small tablet would take too long.

/** What reads: an async function of a video that gives the text of a code in sight, or null. */
export async function qrReader() {
  return (await detector()) ?? zxing();
}

async function detector() {
  if (!("BarcodeDetector" in window)) return null;
  const formats = await BarcodeDetector.getSupportedFormats().catch(() => []);
  if (!formats.includes("qr_code")) return null;
  const own = new BarcodeDetector({ formats: ["qr_code"] });
  return async (video) => (await own.detect(video).catch(() => []))[0]?.rawValue ?? null;
}

async function zxing() {
  const library = await vendored(new URL("./vendor/zxing-reader.js", import.meta.url).href, "ZXingWASM");
  const program = new URL("./vendor/zxing_reader.wasm", import.meta.url).href;
  await library.prepareZXingModule({ overrides: { locateFile: () => program }, fireImmediately: true });
  const picture = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  return async (video) => {
    const [found] = await library.readBarcodes(seenBy(picture, video), { formats: ["QRCode"], maxNumberOfSymbols: 1 });
    return found?.isValid ? found.text : null;
  };
}

function seenBy(picture, video) {
  const { videoWidth, videoHeight } = video, scale = Math.min(1, SIDE_MAX / Math.max(videoWidth, videoHeight));
  const width = Math.round(videoWidth * scale), height = Math.round(videoHeight * scale);
  Object.assign(picture.canvas, { width, height });
  picture.drawImage(video, 0, 0, width, height);
  return picture.getImageData(0, 0, width, height);
}
