"""What becomes of decoded pixels: damage told, memory spared, colours made sRGB."""
