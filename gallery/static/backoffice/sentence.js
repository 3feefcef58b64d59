// What the service says of a request that it refused, or the words for when it says nothing.
export const sentenceOf = (request, otherwise) => {
  try {
    return JSON.parse(request.responseText).sentence || otherwise;
  } catch {
    return otherwise;
  }
};
