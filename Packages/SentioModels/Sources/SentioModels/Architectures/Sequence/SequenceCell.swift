import SentioTensor

/// What a sequence model's recurrent layers do from one step to the next.
///
/// Per unit an RNN has one sum, a GRU three, an LSTM four, so the parameters of layers of equal units are as 1 : 3 : 4.
public enum SequenceCell: String, Sendable, Hashable, Codable, CaseIterable {
  /// `h' = tanh(W_ih·x + W_hh·h + b)`: a cell without gates.
  case rnn
  /// Long short-term memory: gates decide what enters, stays in and leaves a cell that adds up.
  case lstm
  /// Gated recurrent unit: two gates, and no cell beside the hidden units.
  case gru

  /// The cell as the recurrent layers take it, with PyTorch's order of gates.
  public var recurrent: RecurrentCell {
    switch self {
    case .rnn: .rnn(.tanh)
    case .lstm: .lstm
    case .gru: .gru(resetAfter: true)
    }
  }

  /// The name in print.
  public var title: String {
    switch self {
    case .rnn: "simple RNN"
    case .lstm: "LSTM"
    case .gru: "GRU"
    }
  }

  /// Where among the gates the one stands that keeps the state; nil without gates.
  ///
  /// Of an LSTM (i, f, g, o) it is f, of a GRU (r, z, n), whose z is the share of the old state, z.
  var keepingGate: Int? {
    switch self {
    case .rnn: nil
    case .lstm, .gru: 1
    }
  }
}
