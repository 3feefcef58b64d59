// Forms that a script sends as its visitor would, in browsers too that lack a part of it.
import { element } from './element.js';

// As requestSubmit, which Safari has since 16. button: the one that counts as pressed, if any.
export const submitBy = (form, button = null) => {
  if (form.requestSubmit) {
    form.requestSubmit(button);
    return;
  }
  const pressed = button ?? form.appendChild(element('button', { type: 'submit', hidden: '' }));
  pressed.click();
  if (!button) pressed.remove();
};

// What a form says once a button is pressed; FormData itself takes a button since Chrome 112, Firefox 111 and Safari 16.4.
export const saidBy = (form, button) => {
  const said = new FormData(form);
  if (button?.name) said.append(button.name, button.value);
  return said;
};
