/// The numbers that nothing divides but 1 and themselves.
enum Primes {
    static func contain(_ number: Int) -> Bool {
        if number < 4 { return number > 1 }
        if number.isMultiple(of: 2) { return false }
        var divisor = 3
        while divisor * divisor <= number {
            if number.isMultiple(of: divisor) { return false }
            divisor += 2
        }
        return true
    }
}
