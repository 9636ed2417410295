import Glibc

/// The program.
@main
@MainActor
struct WordCountCommand {
    static func main() async {
        // A reader that goes away is told by the error of the write.
        signal(SIGPIPE, SIG_IGN)
        exit(await run().rawValue)
    }

    private static func run() async -> ExitStatus {
        let console = Console()
        do throws(ArgumentError) {
            let arguments = try Arguments(parsing: Arguments.ofProcess)
            guard !arguments.wantsHelp else { return printHelp() }
            return await count(arguments, console)
        } catch {
            console.say("word-count: \(error)\n\(Usage.summary)")
            return .badArguments
        }
    }

    private static func printHelp() -> ExitStatus {
        var output = OutputStream(descriptor: STDOUT_FILENO)
        let isWritten = (try? output.write(Usage.text.utf8)) != nil && (try? output.flush()) != nil
        return isWritten ? .everythingCounted : .somethingLeftOut
    }

    private static func count(_ arguments: Arguments, _ console: Console) async -> ExitStatus {
        var paths = arguments.paths
        if paths.isEmpty {
            guard let corpus = CorpusLocation.find() else {
                console.say(
                    "word-count: the corpus that comes with the example cannot be found: name a file")
                return .badArguments
            }
            console.say("no file is named: counting the corpus in \(corpus)")
            paths = [corpus]
        }
        do {
            let interruption = try Interruption(console)
            let survey = FileSurvey(paths)
            for problem in survey.problems { console.say("word-count: \(problem)") }
            return try await count(arguments, survey, console, interruption)
        } catch {
            console.say("word-count: \(error)")
            return .somethingLeftOut
        }
    }

    private static func count(
        _ arguments: Arguments, _ survey: FileSurvey, _ console: Console, _ interruption: Interruption
    ) async throws -> ExitStatus {
        var output = ResultOutput(descriptor: STDOUT_FILENO, isJSON: arguments.isJSON)
        var report = RunReport(mode: arguments.mode)
        // Without a file there is nothing to start processes for.
        if !survey.files.isEmpty {
            let job = Job(arguments, survey)
            report = try await Cluster.run(
                job, chaos: arguments.chaos, console: console, interruption: interruption
            ) { (word, count) throws(SystemError) in
                try output.add(word, count: count)
            }
            if arguments.chaos != nil, !report.isInterrupted {
                report.chaos?.cleanTime = try await cleanTime(job, console, interruption)
            }
        }
        report.problems = survey.problems + report.problems
        console.makeRoom()
        do throws(SystemError) {
            try output.finish(report)
        } catch {
            throw RunFailure.output(error)
        }
        for line in report.lines { console.say(line) }
        return report.status
    }

    /// How long the same work takes when nothing is struck; nil if that was interrupted.
    ///
    /// It is done after the run that counts, so that neither finds a disk cache colder than that run did.
    private static func cleanTime(
        _ job: Job, _ console: Console, _ interruption: Interruption
    ) async throws -> Duration? {
        console.say("the same once more without chaos, for its time")
        let report = try await Cluster.run(
            job, chaos: nil, isQuiet: true, console: console, interruption: interruption
        ) { _, _ in }
        return report.isInterrupted ? nil : report.elapsed
    }
}
