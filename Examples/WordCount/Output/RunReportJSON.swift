extension RunReport {
    /// Writes the report's keys into the object that is open.
    func write(to json: inout JSONWriter) {
        json.key("mode")
        json.value(mode.rawValue)
        json.key("files")
        json.value(files)
        json.key("bytes")
        json.value(bytes)
        json.key("totalWords")
        json.value(words)
        json.key("chunks")
        json.value(chunks)
        json.key("seconds")
        json.value(Measure.seconds(elapsed))
        json.key("megabytesPerSecond")
        json.value(rate)
        json.key("interrupted")
        json.value(isInterrupted)
        json.key("exitStatus")
        json.value(status.rawValue)
        writeProblems(to: &json)
        writeWorkers(to: &json)
        if let chaos { Self.write(chaos, to: &json) }
    }

    private func writeProblems(to json: inout JSONWriter) {
        json.key("problems")
        json.openArray()
        for problem in problems {
            json.openObject()
            json.key("path")
            json.value(problem.path.description)
            json.key("message")
            json.value(problem.description)
            json.key("leftOut")
            json.value(problem.leavesSomethingOut)
            json.closeObject()
        }
        json.closeArray()
    }

    private func writeWorkers(to json: inout JSONWriter) {
        json.key("workers")
        json.openArray()
        for worker in workers {
            json.openObject()
            json.key("name")
            json.value(worker.name)
            json.key("pid")
            json.value(worker.pid)
            json.key("chunks")
            json.value(worker.chunks)
            json.key("bytes")
            json.value(worker.bytes)
            json.key("startUpSeconds")
            json.value(Measure.seconds(worker.startUp))
            json.key("waitingSeconds")
            json.value(Measure.seconds(worker.waiting))
            json.key("workingSeconds")
            json.value(Measure.seconds(worker.working))
            json.key("restarts")
            json.value(worker.restarts)
            json.closeObject()
        }
        json.closeArray()
    }

    private static func write(_ chaos: Chaos, to json: inout JSONWriter) {
        json.key("chaos")
        json.openObject()
        let numbers = [
            ("planned", chaos.planned), ("kills", chaos.kills), ("stops", chaos.stops),
            ("zygoteKills", chaos.zygoteKills), ("restarts", chaos.restarts),
            ("redeliveries", chaos.redeliveries), ("duplicates", chaos.duplicates),
        ]
        for (name, number) in numbers {
            json.key(name)
            json.value(number)
        }
        if let clean = chaos.cleanTime {
            json.key("cleanSeconds")
            json.value(Measure.seconds(clean))
        }
        json.closeObject()
    }
}
