// Owns: `npm run build`. The server runs its TypeScript directly, so the portal is all there will ever be to build.
// Does not own: the portal's build settings, which come with `portal/`.

console.log('Nothing to build: the server runs its TypeScript directly, and this version has no portal.');
