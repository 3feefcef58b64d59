// Says a sentence where the page's messages stand; it goes once the page has come anew.
import { element } from '../element.js';

const messages = document.getElementById('messages');

export const isTold = () => messages.querySelector('[data-told]') !== null;

export const tell = (sentence) => {
  const message = element('div', { class: 'message message-danger', role: 'alert', 'data-told': '' }, sentence);
  messages.replaceChildren(message);
  message.scrollIntoView({ block: 'nearest' });
};
