// The SHA-256 of a file, by which the service knows what it has; empty where browsers don't digest, which they do on secure pages only.
export const digestOf = async (file) => {
  if (!crypto.subtle) return '';
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
};
