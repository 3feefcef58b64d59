""" "Cet objet est à moi": the form, what was asked for later, and what "Ma déclaration" says of a claim."""
