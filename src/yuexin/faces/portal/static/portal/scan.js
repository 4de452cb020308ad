// Read the code live by the camera, where the browser can. Without it the form does the same.
"use strict";

const EVERY_MILLISECONDS = 250;
const live = document.getElementById("live");
const video = document.getElementById("camera");

async function canRead() {
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices) return false;
  return (await BarcodeDetector.getSupportedFormats()).includes("qr_code");
}

async function open() {
  try {
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch (denied) {
    // Whoever keeps the camera closed has the form.
    live.hidden = true;
    return;
  }
  document.getElementById("open").hidden = true;
  video.hidden = false;
  await video.play();
  watch(new BarcodeDetector({ formats: ["qr_code"] }));
}

async function watch(detector) {
  const [found] = await detector.detect(video);
  if (!found || !found.rawValue) {
    setTimeout(watch, EVERY_MILLISECONDS, detector);
    return;
  }
  for (const track of video.srcObject.getTracks()) track.stop();
  document.getElementById("text").value = found.rawValue;
  document.getElementById("read").submit();
}

canRead().then((able) => {
  live.hidden = !able;
  document.getElementById("open").addEventListener("click", open);
});
