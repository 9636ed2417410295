/// What values are encoded and decoded with, so that references in them find their system.
typealias UserInfo = [CodingUserInfoKey: any Sendable]
