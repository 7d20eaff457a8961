import ArgumentParser

@main
struct Sentio: ParsableCommand {
}
