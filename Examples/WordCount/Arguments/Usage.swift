/// What `--help` prints.
enum Usage {
    static let summary = "usage: word-count [OPTION …] [FILE|DIRECTORY …]"

    static let text = """
        \(summary)

        Counts words, in as many processes as there are processors, each an actor under supervision.
        With no file it counts the small multilingual corpus that comes with the example.

          --workers N      how many tokenizers (default: one for each processor)
          --reducers N     how many reducers (default: 2)
          --top N          the N most frequent words (default: 20)
          --all            all words
          --mode MODE      unicode: runs of letters, marks and numbers, lower-cased (default)
                           ascii: runs of the letters A-Z and a-z, lower-cased
          --chaos SPEC     strike processes while they work, as in --chaos kill=20,seed=7
                             kill=N    SIGKILL to N workers, tokenizers and reducers both
                             stop=N    SIGSTOP to N workers
                             zygote=N  SIGKILL to the process they are forked from, N times
                             seed=N    decides who and when (default: 1)
          --json           one JSON object instead of lines
          --help           this text

        Standard output carries the counts and nothing else: count, tab, word; the most frequent first,
        words of the same count in the order of their bytes. They are the same for every number of workers,
        and whatever is killed.

        Exit status: 0 everything was counted; 2 the arguments cannot work; 3 something was left out, and
        named on standard error; 130 interrupted.

        """
}
