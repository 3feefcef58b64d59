"""Names of the hostile files, and what makes each at full size."""

from collections.abc import Callable

from bench.hostile import limits, structures

CORPUS: dict[str, Callable[[], bytes]] = {
    "JPEG, 20,000 scans of 100 megapixels": lambda: structures.jpeg_of_scans(11_520, 8_640, 20_000),
    "JPEG, 20,000 scans of 4 megapixels": lambda: structures.jpeg_of_scans(2_000, 2_000, 20_000),
    "JPEG, 33 scans of 60 megapixels, three colours": lambda: structures.jpeg_of_scans(7_000, 7_000, 33, components=3),
    "JPEG, 24 MB of 0xFF": lambda: structures.jpeg_then(b"\xff", 24_000_000),
    "JPEG, 24 MB of zeros before its first segment": lambda: structures.jpeg_then(b"\0", 24_000_000),
    "JPEG, six million empty APP1 segments": lambda: structures.jpeg_then(b"\xff\xe1\0\2", 6_000_000),
    "JPEG, twelve million restart markers": lambda: structures.jpeg_then(b"\xff\xd0", 12_000_000),
    "JPEG, 350 segments of EXIF entries": lambda: limits.jpeg_of_metadata(350),
    "JPEG, noise, 200 megapixels": limits.jpeg_of_noise,
    "JPEG, progressive noise, 100 megapixels": lambda: limits.jpeg_in_scans(limits.PROGRESSIVE, 2),
    "JPEG, progressive noise, 79 megapixels": lambda: limits.jpeg_in_scans((10_240, 7_744), 2),
    "JPEG, progressive noise, 40 megapixels, every colour": lambda: limits.jpeg_in_scans((7_296, 5_472), 0),
    "JPEG, print colours, 200 megapixels": limits.jpeg_in_print_colours,
    "JPEG, 65,500 x 16": lambda: limits.picture_of("JPEG", 3, size=(65_500, 16)),
    "JPEG, its first half": lambda: limits.truncated(limits.picture_of("JPEG", 3, quality=70)),
    "PNG, 2,500,000 x 16": lambda: limits.picture_of("PNG", 1, size=(2_500_000, 16)),
    "PNG, noise, 25 MB": limits.png_of_noise,
    "PNG, transparent, 50 megapixels": lambda: limits.picture_of("PNG", 4, compress_level=1),
    "PNG, two million chunks": lambda: structures.png_of_chunks(2_000_000),
    "PNG, 20,000 texts that unfold to 1 MB each": lambda: structures.png_of_texts(20_000, b"zTXt"),
    "PNG, 60 international texts of 1 MB": lambda: structures.png_of_texts(60, b"iTXt"),
    "PNG, a profile that unfolds to 400 MB": lambda: structures.png_with_profile(400_000_000),
    "PNG, 10,000 pictures": lambda: limits.sequence("PNG", 10_000),
    "GIF, 50 megapixels": lambda: limits.picture_of("GIF", 1),
    "GIF, 10,000 pictures": lambda: limits.sequence("GIF", 10_000),
    "GIF, a comment of twelve million blocks": lambda: structures.gif_of_blocks(12_000_000),
    "WebP, transparent noise, 36 megapixels": limits.webp_of_noise,
    "WebP, 10,000 pictures": lambda: limits.sequence("WEBP", 10_000, quality=1, method=0),
    "AVIF, noise, 30 megapixels": lambda: limits.avif_of_noise(3, (6_304, 4_736)),
    "AVIF, transparent noise, 20 megapixels": lambda: limits.avif_of_noise(4, (5_152, 3_872)),
    "AVIF, 10,000 pictures": lambda: limits.sequence("AVIF", 10_000, quality=1, speed=10),
    "TIFF, 190,000 directories": lambda: structures.tiff_of_directories(190_000),
    "TIFF, two million strips": lambda: structures.tiff_of_strips(2_000_000),
    "TIFF, transparent, 50 megapixels": lambda: limits.picture_of(
        "TIFF", 4, grain=32, compression="tiff_adobe_deflate"
    ),
    "BMP, twelve million runs of one pixel": lambda: structures.slow_bmp(12_000_000),
}
