// Files dropped on a zone are taken; anything else that is dragged over it is left to the browser.
const carriesFiles = (event) => [...event.dataTransfer.types].includes('Files');

// filesOf: what is taken of what was dropped; asked at once, since browsers forget it afterwards.
export const takeDrops = (zone, take, filesOf = (dropped) => [...dropped.files]) => {
  for (const name of ['dragenter', 'dragover']) {
    zone.addEventListener(name, (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      zone.classList.add('is-over');
    });
  }
  zone.addEventListener('dragleave', (event) => {
    if (!zone.contains(event.relatedTarget)) zone.classList.remove('is-over');
  });
  zone.addEventListener('drop', (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    zone.classList.remove('is-over');
    take(filesOf(event.dataTransfer));
  });
};

// Files chosen in any field of the form are taken, those too that were chosen before the script had come, on a slow line.
export const takeChosen = (form, take) => {
  for (const input of form.querySelectorAll('input[type=file]')) {
    const chosen = () => {
      take([...input.files]);
      input.value = '';
    };
    input.addEventListener('change', chosen);
    if (input.files.length) chosen();
  }
  form.addEventListener('submit', (event) => event.preventDefault());
};
