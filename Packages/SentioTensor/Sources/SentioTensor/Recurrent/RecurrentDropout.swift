/// Dropout that drops the same inputs and the same units at all steps of a sequence.
///
/// The state is dropped on its way into the products, not where it is carried on: an LSTM's cells and the
/// part of a GRU's state that `z` keeps are whole.
///
/// *Reference:* Gal and Ghahramani, "A Theoretically Grounded Application of Dropout in Recurrent Neural
/// Networks", 2016, with one mask for all gates; `dropout` and `recurrent_dropout` of Keras 3's layers.
/// *Differs from:* Keras, where both directions draw masks of their own for the inputs, and where a GRU carries
/// on the dropped state.
public struct RecurrentDropout: Sendable {
  /// `[N, D]`: what the inputs are multiplied by at every step; nil for ones.
  public let input: Tensor?
  /// `[N, H]`, or `[N, 2H]` for both directions: what the state is multiplied by; nil for ones.
  public let state: Tensor?

  /// Takes factors that are known.
  ///
  /// - Parameters:
  ///   - input: `[N, D]`; ones if nil.
  ///   - state: `[N, H]`, or `[N, 2H]` for both directions; ones if nil.
  public init(input: Tensor?, state: Tensor?) {
    self.input = input?.detached()
    self.state = state?.detached()
  }

  /// Draws the factors: 0 with a probability, otherwise what keeps the mean.
  ///
  /// - Parameters:
  ///   - input: the probability to drop an input, from 0 and below 1.
  ///   - state: the probability to drop a unit of the state, from 0 and below 1.
  ///   - batch: N.
  ///   - inputs: D.
  ///   - units: H, or 2H for both directions.
  ///   - stream: the stream to draw from: a word for each input of a sequence and then one for each unit, and
  ///     none where a probability is 0.
  public init(
    input: Float = 0, state: Float = 0, batch: Int, inputs: Int, units: Int,
    from stream: inout RandomStream
  ) {
    func factors(_ probability: Float, _ count: Int) -> Tensor? {
      precondition(
        probability >= 0 && probability < 1,
        "a probability to drop must lie in 0..<1, and is \(probability)")
      guard probability > 0 else { return nil }
      return Tensor.bernoulli([batch, count], probability: 1 - probability, from: &stream)
        * (1 / (1 - probability))
    }
    self.init(input: factors(input, inputs), state: factors(state, units))
  }
}
