// The camera's button and picture: what it sees is read as a code until one is in sight or the menu closes.

import { qrReader } from "./qr.js";
import { credentialIn } from "./reader.js";

const element = (id) => document.getElementById(id);
const EVERY_MS = 100;

/** Show the camera's button where there may be a camera; `onCredential` gets what a code shows, `words` tells the page's words. */
export function camera(onCredential, words) {
  const button = element("camera"), sight = element("sight"), video = element("viewfinder");
  if (!navigator.mediaDevices) return;
  for (const each of [button, element("to-camera")]) if (each) each.hidden = false;
  let stream = null;
  const shown = (isOn) => {
    sight.hidden = !isOn;
    button.setAttribute("aria-pressed", String(isOn));
  };
  const stop = () => {
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
    shown(false);
  };
  element("panel").addEventListener("close", stop);
  button.addEventListener("click", async () => {
    if (stream) { stop(); return; }
    element("typed").textContent = "";
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      video.srcObject = stream;
      shown(true);
      sight.scrollIntoView({ block: "center" });
      await video.play();
      const text = await seen(video, await qrReader(), () => stream !== null);
      const credential = text && credentialIn(text);
      if (credential) onCredential(credential);
      else if (text) element("typed").textContent = words()["typed.camera_other"];
    } catch (mistake) {  // No camera, not allowed, or the reader could not be loaded.
      element("typed").textContent = words()[mistake?.name === "NotAllowedError" ? "typed.camera_denied" : "typed.camera_failed"];
    }
    stop();
  });
}

async function seen(video, read, goesOn) {
  while (goesOn()) {
    const text = await read(video);
    if (text) return text;
    await new Promise((resolve) => { setTimeout(resolve, EVERY_MS); });
  }
  return null;
}
