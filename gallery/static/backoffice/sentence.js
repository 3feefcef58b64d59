// What the service asks a script to wait for before it sends again: 'token', 'turn' or nothing.
export const againOf = (request) => {
  try {
    return JSON.parse(request.responseText).again || '';
  } catch {
    return '';
  }
};

// What the service says of a request that it refused, or the words for when it says nothing.
export const sentenceOf = (request, otherwise) => {
  try {
    return JSON.parse(request.responseText).sentence || otherwise;
  } catch {
    return otherwise;
  }
};
