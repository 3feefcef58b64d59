"""What proves that a picture is ours: manifests, signatures, comparison."""
