// The files of what was dropped, folders looked through to the bottom; what a computer adds by itself is left out.
const HIDDEN = /^(\.|Thumbs\.db$|desktop\.ini$)/i;

const entriesOf = (reader) => new Promise((resolve, reject) => { reader.readEntries(resolve, reject); });
const paths = new WeakMap();
const fileOf = async (entry) => {
  const file = await new Promise((resolve, reject) => { entry.file(resolve, reject); });
  paths.set(file, entry.fullPath);
  return file;
};

// Folders of a camera's own making, of which it begins another in the midst of a series: DCIM, 100CANON, 101CANON.
const OF_CAMERA = /^(DCIM|[1-9]\d\d\w{5})$/i;

// The last name of the folder in which a file lay, a camera's own left out; empty for one that was chosen by itself.
export const folderOf = (file) => {
  const folders = (paths.get(file) || file.webkitRelativePath || '').split('/').slice(0, -1);
  return folders.filter((name) => !OF_CAMERA.test(name)).at(-1) ?? '';
};

// What can't be read, a file or a folder, holds up nothing else.
const walk = async (entry, found) => {
  try {
    if (entry.isFile) {
      found.files.push(await fileOf(entry));
      return;
    }
    const reader = entry.createReader();
    // A browser gives a hundred at a time.
    for (let some = await entriesOf(reader); some.length > 0; some = await entriesOf(reader)) {
      for (const each of some) await walk(each, found);
    }
  } catch {
    if (!HIDDEN.test(entry.name)) found.unread.push(entry.name);
  }
};

export const worthSending = (files) => files.filter((file) => !HIDDEN.test(file.name));

// The files, and the names of what could not be read. Entries are asked for before anything is waited for.
export const filesIn = async (dropped) => {
  const entries = [...dropped.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  const found = { files: entries.length ? [] : [...dropped.files], unread: [] };
  for (const entry of entries) await walk(entry, found);
  return found;
};
