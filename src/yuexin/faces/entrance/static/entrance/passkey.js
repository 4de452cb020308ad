// Passkeys. Without this script, or a browser that knows them, the page shows no button for them.
"use strict";

const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

function readable(options) {
  const key = { ...options.publicKey, challenge: bytes(options.publicKey.challenge) };
  const listed = (keys) => (keys || []).map((one) => ({ ...one, id: bytes(one.id) }));
  if (key.user) {
    key.user = { ...key.user, id: bytes(key.user.id) };
    key.excludeCredentials = listed(key.excludeCredentials);
  } else {
    key.allowCredentials = listed(key.allowCredentials);
  }
  return { publicKey: key };
}

function written(credential) {
  const response = { clientDataJSON: text(credential.response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    const value = credential.response[name];
    if (value) response[name] = text(value);
  }
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  });
}

async function asked(form) {
  if (form.dataset.options) return JSON.parse(form.dataset.options);
  const answer = await fetch(form.action, { headers: { "X-Requested-With": "XMLHttpRequest" } });
  return (await answer.json()).request_options;
}

async function show(form) {
  const said = form.querySelector("[role=alert]");
  said.hidden = true;
  try {
    const options = readable(await asked(form));
    const made = form.dataset.passkey === "make";
    const credential = made
      ? await navigator.credentials.create(options)
      : await navigator.credentials.get(options);
    form.elements.credential.value = written(credential);
    form.submit();
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    said.hidden = false;
  }
}

if (window.PublicKeyCredential) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      show(form);
    });
  }
}
