"""What earlier runs computed: the file, how notes are read by several processes, what a result depends on."""
