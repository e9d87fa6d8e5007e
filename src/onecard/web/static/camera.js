// Read a code with the camera, where this browser has a detector of its own (Android has; most desktops have not).

const element = (id) => document.getElementById(id);
const EVERY_MS = 150;

/** Show the camera's button where it can be of use; `onText` gets what a code says. */
export function camera(onText, words) {
  const button = element("camera"), video = element("viewfinder");
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices) return;
  button.hidden = false;
  let stream = null;
  const stop = () => {
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
    video.hidden = true;
  };
  element("panel").addEventListener("close", stop);
  button.addEventListener("click", async () => {
    if (stream) { stop(); return; }
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch {
      element("typed").textContent = words()["typed.camera_denied"];
      return;
    }
    video.srcObject = stream;
    video.hidden = false;
    await video.play();
    const text = await seen(video, () => stream !== null);
    stop();
    if (text) onText(text);
  });
}

async function seen(video, goesOn) {
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  while (goesOn()) {
    const [code] = await detector.detect(video).catch(() => []);
    if (code) return code.rawValue;
    await new Promise((resolve) => { setTimeout(resolve, EVERY_MS); });
  }
  return null;
}
