// Libraries of others, loaded from our own host when they are first needed; vendor/README.md says what they are.

const loading = new Map();

/** Run the script at `address` once, and give what it leaves under `name`. It rejects where the file cannot be had. */
export function vendored(address, name) {
  if (!loading.has(address)) {
    loading.set(address, run(address).then(() => globalThis[name]).catch((mistake) => {
      loading.delete(address);  // Another time it may be there.
      throw mistake;
    }));
  }
  return loading.get(address);
}

const run = (address) => new Promise((resolve, reject) => {
  const script = document.createElement("script");
  Object.assign(script, { src: address, onload: resolve, onerror: () => reject(new Error(`no ${address}`)) });
  document.head.append(script);
});
