// What a service's answer says to a script; nothing where it is no answer of the program.
const saidIn = (request) => {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return {};
  }
};

// What the service asks a script to wait for before it sends again: 'token', 'turn', 'room', 'case' or nothing.
export const againOf = (request) => saidIn(request).again || '';

// A full case, or one that is not there for this officer: no photo would be taken, so none is sent before somebody has acted.
export const isStopping = (again) => ['room', 'case'].includes(again);

// What the service says of a request that it refused, or the words for when it says nothing.
export const sentenceOf = (request, otherwise) => saidIn(request).sentence || otherwise;

// Whether sending the same file again would change nothing.
export const isFinal = (request) => saidIn(request).is_final === true;

// Whether an object has the photo already, so that it does not wait.
export const isInItem = (request) => saidIn(request).is_in_item === true;
