import CSentioTensorKernels

/// What a recurrent layer does from one step to the next.
///
/// With input `x`, state `h` and, by gate, `s = W_ih·x + b_ih + W_hh·h + b_hh`:
///
/// - ``rnn(_:)``: `h' = tanh(s)` or `relu(s)`.
/// - ``lstm``: gates i, f, g, o; `c' = σ(s_f)·c + σ(s_i)·tanh(s_g)` and `h' = σ(s_o)·tanh(c')`.
/// - ``gru(resetAfter:)``: gates r, z, n; `h' = (1 − z)·n + z·h` with r and z sigmoids of their sums and
///   `n = tanh(W_in·x + b_in + r·(W_hn·h + b_hn))`, or, where the reset comes first,
///   `n = tanh(W_in·x + b_in + W_hn·(r·h) + b_hn)`.
///
/// *Reference:* `torch.nn.RNN`, `LSTM` and `GRU`, 2.x, formulas and order of gates; `keras.layers.GRU`, 3.x,
/// `reset_after` both ways (its gates are z, r, h).
public enum RecurrentCell: Sendable, Hashable {
  /// The function of a cell without gates.
  public enum Nonlinearity: Sendable, Hashable {
    /// The hyperbolic tangent.
    case tanh
    /// The positive part.
    case relu
  }

  /// A cell without gates.
  case rnn(Nonlinearity = .tanh)
  /// Long short-term memory.
  case lstm
  /// Gated recurrent unit; `resetAfter` says whether r scales the state after its product, as in PyTorch and
  /// by default in Keras, or before it, as in the paper of 2014.
  case gru(resetAfter: Bool = true)

  /// How many sums a unit has: the rows of the weights are this many times the units.
  public var gateCount: Int { Int(sentio_recurrent_gates(kernel)) }

  /// Whether the state holds a cell's content beside the hidden units.
  public var hasCellState: Bool { self == .lstm }

  var kernel: sentio_recurrent_cell {
    switch self {
    case .rnn(.tanh): SENTIO_RECURRENT_TANH
    case .rnn(.relu): SENTIO_RECURRENT_RELU
    case .lstm: SENTIO_RECURRENT_LSTM
    case .gru(resetAfter: true): SENTIO_RECURRENT_GRU
    case .gru(resetAfter: false): SENTIO_RECURRENT_GRU_RESET_FIRST
    }
  }
}
