"""Changes of texts: links that lead elsewhere, properties put in, fixes applied, files renamed."""
