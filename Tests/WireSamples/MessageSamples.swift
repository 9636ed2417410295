package import RoostWire

/// Control messages and the bytes they must have: a change here is a change of the wire format.
package enum MessageSamples {
    package static let failure = RemoteFailure(
        typeName: "Oops", description: "no", value: .init(mangledType: "4Oops", bytes: [1, 2, 3]))

    package static let order = StartOrder(
        system: 0x0102_0304_0506_0708, process: 7, actor: 9, incarnation: 2,
        name: "packer",
        mangledType: "6Packer", arguments: [5, 6], maximumMessage: 64 << 20, mailboxMessages: 1_024,
        mailboxBytes: 8 << 20,
        limits: ProcessLimits(addressSpace: 1 << 30, openFiles: 64, coreDumps: false), isWatched: true)

    package static let unlimited = StartOrder(
        system: 0x0102_0304_0506_0708, process: 7, actor: 9, incarnation: 2, name: "packer",
        mangledType: "6Packer", arguments: [5, 6], maximumMessage: 64 << 20, mailboxMessages: 1_024,
        mailboxBytes: 8 << 20)

    package static var figures: FiguresRecord {
        var figures = FiguresRecord()
        figures.received = 1
        figures.served = 2
        figures.waiting = 3
        figures.sent = 4
        figures.bytesReceived = 5
        figures.bytesSent = 6
        figures.busy = 7
        return figures
    }

    package static let node: [(message: NodeMessage, hex: String)] = [
        (
            .start(order),
            """
            61000573746172746100025f306c000673797374656d0a0807060504030201000770726f6365737387000561
            63746f7289000b696e6361726e6174696f6e8200046e616d65467061636b6572000b6d616e676c6564547970
            6547365061636b65720009617267756d656e747314020506000e6d6178696d756d4d65737361676508000000
            04000f6d61696c626f784d65737361676573060004000c6d61696c626f784279746573080000800000066c69
            6d69747363000c616464726573735370616365080000004000096f70656e46696c6573c00009636f72654475
            6d707301000969735761746368656402
            """
        ),
        (
            .start(unlimited),
            """
            61000573746172746100025f306b000673797374656d0a0807060504030201000770726f6365737387000561
            63746f7289000b696e6361726e6174696f6e8200046e616d65467061636b6572000b6d616e676c6564547970
            6547365061636b65720009617267756d656e747314020506000e6d6178696d756d4d65737361676508000000
            04000f6d61696c626f784d65737361676573060004000c6d61696c626f784279746573080000800000096973
            5761746368656401
            """
        ),
        (.peer(process: 300), "6100047065657261000770726f63657373062c01"),
        (
            .resolved(request: 1, .process(7, attempts: 3)),
            """
            6100087265736f6c766564620007726571756573748100025f3161000770726f636573736200025f3087000861747465
            6d70747383
            """
        ),
        (
            .resolved(request: 2, .terminated(.crashed(signal: 11))),
            """
            6100087265736f6c766564620007726571756573748200025f3161000a7465726d696e617465646100025f30
            610007637261736865646100067369676e616c8b
            """
        ),
        (
            .found(request: 3, FoundActor(key: ActorKey(owner: 0, number: 9), mangledType: "6Packer")),
            """
            610005666f756e64620007726571756573748300025f316200036b6579728089000b6d616e676c6564547970
            6547365061636b6572
            """
        ),
        (.found(request: 3, nil), "610005666f756e646100077265717565737483"),
        (
            .terminated(request: 4, process: 7, reason: .normal),
            """
            61000a7465726d696e617465646300077265717565737484000770726f63657373870006726561736f6e6100
            066e6f726d616c60
            """
        ),
        (
            .terminated(request: 4, process: 7, reason: .shutdown),
            """
            61000a7465726d696e617465646300077265717565737484000770726f63657373870006726561736f6e6100
            0873687574646f776e60
            """
        ),
        (
            .terminated(request: 4, process: 7, reason: .failed(failure)),
            """
            61000a7465726d696e617465646300077265717565737484000770726f63657373870006726561736f6e6100
            066661696c65646100025f30630008747970654e616d65444f6f7073000b6465736372697074696f6e426e6f
            000576616c756562000b6d616e676c65645479706545344f6f7073000562797465731403010203
            """
        ),
        (
            .terminated(request: 4, process: 7, reason: .unknown),
            """
            61000a7465726d696e617465646300077265717565737484000770726f63657373870006726561736f6e6100
            07756e6b6e6f776e60
            """
        ),
        (
            .reason(request: 5, .exited(code: -1)),
            """
            610006726561736f6e620007726571756573748500025f31610006657869746564610004636f646503ff
            """
        ),
        (
            .reason(request: 5, .killed(by: 3)),
            """
            610006726561736f6e620007726571756573748500025f316100066b696c6c6564610002627983
            """
        ),
        (
            .told(request: 6, process: 7, [1, 2]),
            "610004746f6c646300077265717565737486000770726f636573738700025f3214020102"
        ),
        (.attend(actor: 5), "610006617474656e646100056163746f7285"),
        (.measure(request: 6), "6100076d6561737572656100077265717565737486"),
        (.stop, "61000473746f7060"),
        (.ping, "61000470696e6760"),
        (.reportWaits, "61000b7265706f7274576169747360"),
        (
            .deadlock(call: 3, path: ["a", "b"]),
            "610008646561646c6f636b62000463616c6c830004706174687241614162"
        ),
    ]

    package static let worker: [(message: WorkerMessage, hex: String)] = [
        (.ready, "610005726561647960"),
        (.alive, "610005616c69766560"),
        (.progress, "61000870726f677265737360"),
        (.waits([1, 2]), "61000577616974736100025f3014020102"),
        (
            .startFailed(failure),
            """
            61000b73746172744661696c65646100025f30630008747970654e616d65444f6f7073000b64657363726970
            74696f6e426e6f000576616c756562000b6d616e676c65645479706545344f6f707300056279746573140301
            0203
            """
        ),
        (
            .startFailed(RemoteFailure(typeName: "Oops", description: "no")),
            """
            61000b73746172744661696c65646100025f30620008747970654e616d65444f6f7073000b64657363726970
            74696f6e426e6f
            """
        ),
        (.ending(nil), "610006656e64696e6760"),
        (
            .ending(failure),
            """
            610006656e64696e676100025f30630008747970654e616d65444f6f7073000b6465736372697074696f6e42
            6e6f000576616c756562000b6d616e676c65645479706545344f6f7073000562797465731403010203
            """
        ),
        (
            .resolve(request: 1, key: ActorKey(owner: 0, number: 9), lost: nil),
            """
            6100077265736f6c7665620007726571756573748100036b6579728089
            """
        ),
        (
            .resolve(request: 1, key: ActorKey(owner: 7, number: 1), lost: 7),
            """
            6100077265736f6c7665630007726571756573748100036b657972878100046c6f737487
            """
        ),
        (
            .find(request: 2, name: "packer"),
            """
            61000466696e64620007726571756573748200046e616d65467061636b6572
            """
        ),
        (
            .watch(request: 3, key: ActorKey(owner: 0, number: 200)),
            """
            6100057761746368620007726571756573748300036b6579728004c8
            """
        ),
        (.unwatch(request: 3), "610007756e77617463686100077265717565737483"),
        (
            .follow(request: 3, name: "packer"),
            """
            610006666f6c6c6f77620007726571756573748300046e616d65467061636b6572
            """
        ),
        (
            .followGroup(request: 3, [1, 2]),
            """
            61000b666f6c6c6f7747726f7570620007726571756573748300025f3114020102
            """
        ),
        (.gone(actor: 5), "610004676f6e656100056163746f7285"),
        (
            .measured(request: 6, figures),
            """
            6100086d65617375726564620007726571756573748600025f31670008726563656976656481000673657276
            656482000777616974696e6783000473656e7484000d62797465735265636569766564850009627974657353
            656e748600046275737987
            """
        ),
        (.unfollow(request: 3), "610008756e666f6c6c6f776100077265717565737483"),
        (
            .reason(request: 4, process: 7),
            """
            610006726561736f6e6200077265717565737484000770726f6365737387
            """
        ),
        (
            .violation(process: 7, "unknown frame kind 9"),
            """
            61000976696f6c6174696f6e62000770726f636573738700025f3154756e6b6e6f776e206672616d65206b69
            6e642039
            """
        ),
        (
            .deadLetter(
                DeadLetterRecord(
                    process: 1, actor: .spawned(2), receiver: "b", target: "c()", reason: "d", detail: "e",
                    count: 3)),
            """
            61000a646561644c65747465726100025f3067000770726f636573738100056163746f7272808200087265
            63656976657241620006746172676574436328290006726561736f6e4164000664657461696c4165000563
            6f756e7483
            """
        ),
    ]

    package static let refusals: [(refusal: Refusal, hex: String)] = [
        (Refusal(.unknownTarget, "x"), "620006726561736f6e80000664657461696c4178"),
        (Refusal(.undecodable, ""), "620006726561736f6e81000664657461696c40"),
        (Refusal(.unencodable, "x"), "620006726561736f6e82000664657461696c4178"),
        (Refusal(.tooLarge, "x"), "620006726561736f6e83000664657461696c4178"),
        (Refusal(.terminated, "x"), "620006726561736f6e84000664657461696c4178"),
        (Refusal(.stopped, "x"), "620006726561736f6e85000664657461696c4178"),
    ]
}

package func hex(_ bytes: [UInt8]) -> String {
    bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
}

package func bytes(_ hex: String) -> [UInt8] {
    var digits = hex.filter { !$0.isWhitespace }[...]
    var bytes: [UInt8] = []
    while !digits.isEmpty {
        bytes.append(UInt8(digits.prefix(2), radix: 16) ?? 0)
        digits = digits.dropFirst(2)
    }
    return bytes
}
